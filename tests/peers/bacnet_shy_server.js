// A BACnet/IP device as the standard has it and few servers are: it knows its own instance only, says I-Am to everybody on its
// link, and answers to port 47808 whoever asks from which: node bacnet_shy_server.js BROADCAST
const socket = require("dgram").createSocket({ type: "udp4", reuseAddr: true });
const [everybody] = process.argv.slice(2);
const hex = (text) => Buffer.from(text.replace(/ /g, ""), "hex");
const own = "02000007";
socket.on("message", (said, from) => {
  const text = said.toString("hex");
  if (text === "810a000801001008") return socket.send(hex("810b 0014 0100 1000 c4 02000007 22 01e0 91 03 21 2a"), 47808, everybody);
  if (said.length < 17 || said[4] !== 1 || said[5] !== 4 || said[9] !== 12) return;
  const invoke = text.substr(16, 2);
  const answer = text.substr(22, 8) !== own ? `810a000d0100 50${invoke} 0c 9101911f`
    : said[16] === 0x46 ? `810a001b0100 30${invoke} 0c 0c ${own} 1946 3e 7507 00 45582d353230 3f`
    : `810a000d0100 50${invoke} 0c 91029120`;
  socket.send(hex(answer), 47808, from.address);
});
socket.bind(47808, () => { socket.setBroadcast(true); console.log("ready"); });
