# The data the program needs, made at build time beside it: ${HERKOMST_DATA_DIR}.
