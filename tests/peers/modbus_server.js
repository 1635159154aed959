// A Modbus server whose registers and names are given as JSON on the command line:
//   node modbus_server.js HOST PORT UNIT '{"names": {"0": "Example Works"}, "holding": {"40000": "53756e53"}, "input": {}}'
// A register that is not given is refused (exception 02), so that a probe that reads beside its list is seen.
const Modbus = require("modbus-serial");
const [host, port, unit, text] = process.argv.slice(2);
const given = JSON.parse(text);
function registers(of) {
  const all = new Map();
  for (const [at, digits] of Object.entries(of || {}))
    Buffer.from(digits, "hex").swap16().forEach((_, i, b) => i % 2 || all.set(Number(at) + i / 2, b.readUInt16LE(i)));
  return (address) => {
    if (!all.has(address)) throw Object.assign(new Error("no such register"), { modbusErrorCode: 2 });
    return all.get(address);
  };
}
const vector = {
  getHoldingRegister: registers(given.holding),
  getInputRegister: registers(given.input),
};
if (given.names) vector.readDeviceIdentification = () => given.names;
const server = new Modbus.ServerTCP(vector, { host, port: Number(port), unitID: Number(unit) });
server.on("initialized", () => console.log("ready"));
server.on("serverError", (error) => { console.error(error.message); process.exit(1); });
