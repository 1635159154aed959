// An OPC UA server: node opcua_server.js HOST PORT FOLDER (its certificates are made there)
// Node.js has this without being asked from version 19 on.
globalThis.crypto ??= require("node:crypto").webcrypto;
const { OPCUAServer } = require("node-opcua-server");
const { OPCUACertificateManager } = require("node-opcua-certificate-manager");
const [host, port, folder] = process.argv.slice(2);
(async () => {
  const server = new OPCUAServer({
    port: Number(port), host, hostname: "localhost", resourcePath: "/",
    serverInfo: { applicationUri: "urn:example:plc", productUri: "urn:example:product", applicationName: { text: "Example PLC", locale: "en" } },
    nodeset_filename: [],
    serverCertificateManager: new OPCUACertificateManager({ rootFolder: folder, automaticallyAcceptUnknownCertificate: true }),
  });
  await server.initialize();
  await server.start();
  console.log("ready");
})().catch((error) => { console.error(error.message); process.exit(1); });
