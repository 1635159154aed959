"""A second PLC: a Modbus/TCP server (pymodbus) with a device identification (function 43/14)."""
import asyncio

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.device import ModbusDeviceIdentification
from pymodbus.server import StartAsyncTcpServer

identity = ModbusDeviceIdentification(info_name={
    "VendorName": "Schneider Electric",
    "ProductCode": "BMX P34 20302",
    "MajorMinorRevision": "v3.30",
    "VendorUrl": "https://se.example",
    "ProductName": "Modicon M340 demo",
    "ModelName": "BMX P34 20302",
    "UserApplicationName": "DEMO-MV-STATION",
})
registers = ModbusSequentialDataBlock(0, [(7 * n) % 1000 for n in range(200)])
context = ModbusServerContext(slaves=ModbusSlaveContext(hr=registers, ir=registers), single=True)
asyncio.run(StartAsyncTcpServer(context=context, identity=identity, address=("10.20.0.52", 502)))
