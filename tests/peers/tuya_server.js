// A device of @tuyapi/stub, of Tuya's version 3.1, on all addresses, which announces itself each second: node tuya_server.js ADDRESS ID
const [ip, id] = process.argv.slice(2);
const stub = new (require("@tuyapi/stub"))({ id, key: "0123456789abcdef", ip, state: { 1: false } });
stub.startServer(6668);
stub.startUDPBroadcast({ interval: 1 });
console.log("ready");
