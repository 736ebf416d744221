/** The address of the name server of every simulated node. */
export const nameServer = '10.96.0.10';
