// A BACnet/IP device with properties of our own: node bacnet_server.js HOST PORT [INSTANCE]; 0.0.0.0 hears who asks everybody.
const Client = require("@bacnet-js/client").default;
const [host, port, number = "1234"] = process.argv.slice(2);
const client = new Client({ port: Number(port), interface: host, broadcastAddress: host });
const instance = Number(number), wildcard = 4194303, vendor = 260;
const device = { type: 8, instance };
const text = (value) => [{ type: 7, value }];
const properties = { 121: text("Example Works"), 70: text("EX-520"), 44: text("2.1"), 12: text("1.0.7"), 77: text("AHU-01"),
                     120: [{ type: 2, value: vendor }], 75: [{ type: 12, value: device }] };
client.on("whoIs", (message) => {
  const { lowLimit = 0, highLimit = wildcard } = message.payload ?? {};
  if (lowLimit <= instance && instance <= highLimit) client.iAmResponse(message.header.sender, instance, 3, vendor);
});
client.on("readProperty", (message) => {
  const { objectId, property } = message.payload;
  const known = objectId.type === 8 && (objectId.instance === instance || objectId.instance === wildcard);
  const values = known ? properties[property.id] : undefined;
  if (values) client.readPropertyResponse(message.header.sender, message.invokeId, device, property, values);
  else client.errorResponse(message.header.sender, message.service, message.invokeId, 2, 32);
});
client.on("listening", () => console.log("ready"));
client.on("error", (error) => { console.error(error.message); process.exit(1); });
