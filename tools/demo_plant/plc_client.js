// An engineering station that reads what a PLC says of itself (node-snap7): order code, CPU info, CPU state.
'use strict';
const { S7Client } = require('node-snap7');

const plc = new S7Client();
if (!plc.ConnectTo('10.20.0.51', 0, 2)) { console.log(plc.ErrorText(plc.LastError())); process.exit(1); }
console.log(plc.GetOrderCode(), plc.GetCpuInfo(), plc.PlcStatus());
plc.Disconnect();
