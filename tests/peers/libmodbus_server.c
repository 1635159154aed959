/* A Modbus server of libmodbus, built by the test that asks it: libmodbus_server HOST PORT. It answers Report Server ID with the
   library's own text, and refuses Read Device Identification, as most small servers do. */
#include <modbus/modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    modbus_t* server = modbus_new_tcp(argv[1], atoi(argv[2]));
    modbus_mapping_t* map = modbus_mapping_new(0, 0, 8, 8);
    int socket = modbus_tcp_listen(server, 1);
    if (socket < 0) return 1;
    printf("ready\n");
    fflush(stdout);
    for (;;) {
        modbus_tcp_accept(server, &socket);
        unsigned char query[MODBUS_TCP_MAX_ADU_LENGTH];
        int size;
        while ((size = modbus_receive(server, query)) > 0) modbus_reply(server, query, size, map);
        close(modbus_get_socket(server));
    }
}
