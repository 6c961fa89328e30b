/** What programs are told on the command line and in configuration files. */
export { flag, list, map, type Option, OptionFault, type Options, required, text, type Values } from './option';
export * from './parsers';
export { type Arguments, type ReadOptions, readOptions } from './read-options';
export { describeOptions } from './usage';
