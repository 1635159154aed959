// A camera that answers a search with SADP as cameras do, to the group: node sadp_server.js ADDRESS
const socket = require("dgram").createSocket({ type: "udp4", reuseAddr: true });
const [address] = process.argv.slice(2), group = "239.255.255.250", port = 37020;
const match = (uuid) => `<?xml version="1.0" encoding="UTF-8"?>\r\n<ProbeMatch>\r\n<Uuid>${uuid}</Uuid>\r\n<Types>inquiry</Types>\r\n` +
  `<DeviceDescription>DS-EX2042-I</DeviceDescription>\r\n<DeviceSN>DS-EX2042-I20200101AAWR000000042</DeviceSN>\r\n` +
  `<IPv4Address>${address}</IPv4Address>\r\n<SoftwareVersion>V5.5.0build 200101</SoftwareVersion>\r\n</ProbeMatch>`;
socket.on("message", (said) => {
  const asked = /<Probe>.*<Uuid>(.*)<\/Uuid>/s.exec(said.toString());
  if (asked) socket.send(match(asked[1]), port, group);
});
socket.bind(port, () => {
  socket.addMembership(group, address);
  socket.setMulticastInterface(address);
  console.log("ready");
});
