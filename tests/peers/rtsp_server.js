// An RTSP server of rtsp-streaming-server, on all addresses: node rtsp_server.js PORT
const RtspServer = require("rtsp-streaming-server").default;
const [clientPort] = process.argv.slice(2).map(Number);
const server = new RtspServer({ serverPort: clientPort + 1, clientPort, rtpPortStart: 20000, rtpPortCount: 100 });
server.start().then(() => console.log("ready"));
