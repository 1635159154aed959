// A broker of aedes: node aedes_server.js ADDRESS PORT; with a third word, a broker that lets nobody in.
const [address, port, closed] = process.argv.slice(2);
const broker = require("aedes")();
if (closed) broker.authenticate = (client, name, password, done) => done(Object.assign(new Error("no"), { returnCode: 5 }), false);
require("net").createServer(broker.handle).listen(Number(port), address, () => console.log("ready"));
