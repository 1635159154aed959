// Snap7's simulated CPU 315-2 PN/DP: node s7_server.js HOST PORT
const snap7 = require("node-snap7");
const [host, port] = process.argv.slice(2);
const server = new snap7.S7Server();
server.SetParam(1, Number(port));
if (!server.StartTo(host)) { console.error(server.ErrorText(server.LastError())); process.exit(1); }
console.log("ready");
setInterval(() => {}, 1000);
