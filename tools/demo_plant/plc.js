// A PLC: the S7 server of snap7, as it comes (it says of itself that it is a Siemens CPU 315-2 PN/DP).
'use strict';
const snap7 = require('node-snap7');

const server = new snap7.S7Server();
server.RegisterArea(server.srvAreaDB, 1, Buffer.alloc(64));
if (!server.StartTo('10.20.0.51')) { console.log(server.ErrorText(server.LastError())); process.exit(1); }
setInterval(() => {}, 60000);
