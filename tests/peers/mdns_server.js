// Announces one service of a device over multicast DNS: node mdns_server.js ADDRESS NAME SERVICE 'key=value' ...
const [address, name, service, ...texts] = process.argv.slice(2);
const mdns = require("multicast-dns")({ interface: address, loopback: false });
const full = `${name}.${service}`;
const pointer = { name: service, type: "PTR", ttl: 120, data: full };
const all = [{ name: "_services._dns-sd._udp.local", type: "PTR", ttl: 120, data: service }, pointer];
const details = [{ name: full, type: "SRV", ttl: 120, data: { port: 80, target: `${name}.local` } },
                 { name: full, type: "TXT", ttl: 120, data: texts }, { name: `${name}.local`, type: "A", ttl: 120, data: address }];
mdns.on("query", (query, from) => {
  const answers = all.filter((record) => query.questions.some((question) => question.name === record.name));
  const asked = details.filter((record) => query.questions.some((question) => question.name === record.name));
  if (answers.length + asked.length === 0) return;
  const response = { answers: [...answers, ...asked], additionals: answers.includes(pointer) ? details : [] };
  if (from.port !== 5353) Object.assign(response, { id: query.id, questions: query.questions.map((question) => ({ ...question, class: "IN" })) });
  mdns.respond(response, from.port === 5353 ? undefined : from);
});
mdns.on("ready", () => console.log("ready"));
