// An SNMP agent (v1, v2c, v3) with values of our own: node snmp_server.js HOST PORT COMMUNITY
const snmp = require("net-snmp");
const [host, port, community] = process.argv.slice(2);
const agent = snmp.createAgent(
  { port: Number(port), address: host, transport: "udp4", engineID: "80007ed90300005e005314" },
  (error) => { if (error) console.error(error.message); });
agent.getAuthorizer().addCommunity(community);
const mib = agent.getMib();
function scalar(name, oid, type, value) {
  mib.registerProvider({ name, type: snmp.MibProviderType.Scalar, oid, scalarType: type, maxAccess: snmp.MaxAccess["read-only"] });
  mib.setScalarValue(name, value);
}
const text = snmp.ObjectType.OctetString;
scalar("sysDescr", "1.3.6.1.2.1.1.1", text, "Example Switch 8, FW 2.1");
scalar("sysObjectID", "1.3.6.1.2.1.1.2", snmp.ObjectType.OID, "1.3.6.1.4.1.32473.1.8");
scalar("sysName", "1.3.6.1.2.1.1.5", text, "sw-8");
scalar("sysLocation", "1.3.6.1.2.1.1.6", text, "hall 2");
const columns = { 5: ["entPhysicalClass", snmp.ObjectType.Integer, 3], 8: ["entPhysicalHardwareRev", text, "B"],
                  9: ["entPhysicalFirmwareRev", text, "2.1"], 10: ["entPhysicalSoftwareRev", text, "4.0"],
                  11: ["entPhysicalSerialNum", text, "C7"], 12: ["entPhysicalMfgName", text, "Exmpl"],
                  13: ["entPhysicalModelName", text, "SW8"] };
mib.registerProvider({
  name: "entPhysicalTable", type: snmp.MibProviderType.Table, oid: "1.3.6.1.2.1.47.1.1.1", maxAccess: snmp.MaxAccess["not-accessible"],
  tableColumns: [{ number: 1, name: "entPhysicalIndex", type: snmp.ObjectType.Integer, maxAccess: snmp.MaxAccess["not-accessible"] },
                 ...Object.entries(columns).map(([number, [name, type]]) =>
                   ({ number: Number(number), name, type, maxAccess: snmp.MaxAccess["read-only"] }))],
  tableIndex: [{ columnName: "entPhysicalIndex" }],
});
mib.addTableRow("entPhysicalTable", [1, ...Object.values(columns).map((column) => column[2])]);
const ready = () => console.log("ready");
for (const socket of Object.values(agent.listener.sockets)) socket.on("listening", ready);
