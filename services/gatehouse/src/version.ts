/** The version that commands, answers and requests name. */
export const version = '0.1.0';
