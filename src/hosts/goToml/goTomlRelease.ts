/**
 * The releases of pelletier/go-toml that differ in what they refuse, or in the words about it. 1.9.3 also stands for 1.9.4,
 * 2.2 for 2.2.3 and 2.2.4, 2.4 for 2.4.0 to 2.4.3.
 */
export type GoTomlRelease = '1.8.1' | '1.9.3' | '1.9.5' | '2.2' | '2.3.0' | '2.4';
