// The register map of one SunSpec inverter: the marker at 40000, then the models 1 (common), 103 (three-phase
// inverter), 120 (nameplate) and 123 (immediate controls), then the end block. Values are Modbus holding registers.
'use strict';

const base = 40000;
const absent = 0xffff;      // "unimplemented" in an unsigned register
const absent_signed = 0x8000; // ... of a signed one and of a scale factor

function text_registers(text, count) {
  const bytes = Buffer.alloc(count * 2);
  bytes.write(text, 'latin1');
  return Array.from({ length: count }, (_, i) => bytes.readUInt16BE(i * 2));
}

const signed = (value) => value & 0xffff;
const acc32 = (value) => [Math.floor(value / 65536) & 0xffff, value % 65536];

function sunspec_map({ maker, model, options, version, serial, unit, rated_watts, now_watts }) {
  const amps = Math.round((now_watts / 400 / Math.sqrt(3)) * 10);
  const model_1 = [
    ...text_registers(maker, 16), ...text_registers(model, 16), ...text_registers(options, 8),
    ...text_registers(version, 8), ...text_registers(serial, 16), unit, 0];
  const model_103 = [
    amps, Math.round(amps / 3), Math.round(amps / 3), Math.round(amps / 3), signed(-1),
    4001, 4003, 3998, 2310, 2312, 2309, signed(-1),
    Math.round(now_watts / 10), 1, 5001, signed(-2),
    Math.round(now_watts / 10), 1, 0, 1, 1000, signed(-1),
    ...acc32(48211730), 1,
    Math.round(now_watts / 650 * 10), signed(-1), 6500, signed(-1), Math.round(now_watts / 9.8), 1,
    412, absent_signed, absent_signed, absent_signed, signed(-1),
    4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const model_120 = [
    4, Math.round(rated_watts / 10), 1, Math.round(rated_watts / 10), 1,
    Math.round(rated_watts / 20), absent_signed, absent_signed, signed(-Math.round(rated_watts / 20)), 1,
    Math.round((rated_watts / 400 / Math.sqrt(3)) * 10), signed(-1), 80, absent_signed, absent_signed, signed(-80), signed(-2),
    absent, absent_signed, absent, absent_signed, absent, absent_signed, absent, absent_signed, absent_signed];
  const model_123 = [
    0, 0, 1, 1000, 0, 300, 0, 0,
    0, 0, 0, 0, 0,
    0, absent_signed, absent_signed, 0, 0, 0, 1, 0,
    signed(-1), signed(-2), signed(-1)];

  const registers = new Map();
  let at = base;
  const put = (values) => values.forEach((value) => registers.set(at++, value));
  put(text_registers('SunS', 2));
  for (const [id, values] of [[1, model_1], [103, model_103], [120, model_120], [123, model_123]]) {
    put([id, values.length]);
    put(values);
  }
  put([0xffff, 0]);
  return registers;
}

// What modbus-serial asks of a server: units is a map from unit id to its registers.
function vector_of(units, identification) {
  const registers_of = (unit) => {
    const registers = units.get(unit);
    if (!registers) throw Object.assign(new Error('no such unit'), { modbusErrorCode: 0x0b });
    return registers;
  };
  const illegal_address = () => Object.assign(new Error('illegal data address'), { modbusErrorCode: 0x02 });
  const vector = {
    getHoldingRegister: async (address, unit) => {
      const value = registers_of(unit).get(address);
      if (value === undefined) throw illegal_address();
      return value;
    },
    setRegister: async (address, value, unit) => {
      const registers = registers_of(unit);
      if (!registers.has(address)) throw illegal_address();
      registers.set(address, value);
    },
  };
  if (identification) vector.readDeviceIdentification = async (unit) => identification(unit);
  return vector;
}

module.exports = { sunspec_map, vector_of };
