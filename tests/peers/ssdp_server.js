// A UPnP device that answers searches: node ssdp_server.js ADDRESS LOCATION UDN SIGNATURE
const { Server } = require("node-ssdp");
const [address, location, udn, ssdpSig] = process.argv.slice(2);
const server = new Server({ location, udn, ssdpSig, explicitSocketBind: false, interfaces: ["there"] });
server.addUSN("upnp:rootdevice");
server.start().then(() => console.log("ready"));
