// The plant controller: a Modbus client (modbus-serial) that walks the SunSpec map of every inverter, reads the device
// identification (function 43/14), polls power, and once sets a limit of 80 % on the first inverter (model 123);
// an S7 client (node-snap7) that reads a data block of the PLC.
'use strict';
const ModbusRTU = require('modbus-serial');
const snap7 = require('node-snap7');

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const inverters = [['10.20.0.11', 1], ['10.20.0.12', 1], ['10.20.0.12', 2]];

async function walk(client) {
  const models = new Map();
  const marker = (await client.readHoldingRegisters(40000, 2)).buffer.toString('latin1');
  if (marker !== 'SunS') throw new Error('no SunSpec marker');
  for (let at = 40002; ;) {
    const [id, length] = (await client.readHoldingRegisters(at, 2)).data;
    if (id === 0xffff) return models;
    await client.readHoldingRegisters(at, length + 2);
    models.set(id, at + 2);
    at += 2 + length;
    await pause(200);
  }
}

async function connect(address, unit) {
  const client = new ModbusRTU();
  client.setTimeout(3000);
  await client.connectTCP(address, { port: 502 });
  client.setID(unit);
  return client;
}

async function identify(client) {
  try {
    const { data } = await client.readDeviceIdentification(2, 0);
    console.log('identification', JSON.stringify(data));
  } catch (error) {
    console.log('no identification:', error.message);
  }
}

async function control() {
  const clients = [];
  for (const [address, unit] of inverters) {
    const client = await connect(address, unit);
    await identify(client);
    clients.push([client, await walk(client)]);
    console.log(address, unit, [...clients.at(-1)[1].entries()].join(' '));
  }
  const meter = await connect('10.20.0.52', 1);
  await identify(meter);
  meter.close(() => {});

  const [first, first_models] = clients[0];
  for (let turn = 0; ; ++turn) {
    for (const [client, models] of clients) await client.readHoldingRegisters(models.get(103) + 12, 2);
    if (turn === 1) {
      const controls = first_models.get(123);
      await first.writeRegisters(controls + 3, [800]);
      await first.writeRegisters(controls + 7, [1]);
    }
    await pause(7000);
  }
}

function read_plc() {
  const plc = new snap7.S7Client();
  plc.ConnectTo('10.20.0.51', 0, 2, (error) => {
    if (error) return console.log('plc', plc.ErrorText(error));
    setInterval(() => plc.DBRead(1, 0, 16, (failed) => failed && console.log('plc', plc.ErrorText(failed))), 9000);
  });
}

read_plc();
control().catch((error) => { console.log(error); process.exit(1); });
