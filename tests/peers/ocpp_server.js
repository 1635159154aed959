// A charging system of ocpp-rpc, which takes stations of OCPP 1.6 and 2.0.1: node ocpp_server.js ADDRESS PORT
const { RPCServer } = require("ocpp-rpc");
const [address, port] = process.argv.slice(2);
const server = new RPCServer({ protocols: ["ocpp1.6", "ocpp2.0.1"], strictMode: true });
server.auth((accept) => accept({}));
server.on("client", () => console.log("a station was taken"));
server.listen(Number(port), address).then(() => console.log("ready"));
