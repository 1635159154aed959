// A Modbus master in a session of its own, which reads twice a second: node modbus_client.js FROM HOST PORT UNIT
const Modbus = require("modbus-serial");
const [from, host, port, unit] = process.argv.slice(2);
const client = new Modbus();
client.connectTCP(host, { port: Number(port), localAddress: from }).then(async () => {
  client.setID(Number(unit));
  await client.readHoldingRegisters(40000, 2);
  console.log("ready");
  setInterval(() => client.readHoldingRegisters(40000, 2).catch(() => process.exit(1)), 500);
}).catch((error) => { console.error(error.message); process.exit(1); });
