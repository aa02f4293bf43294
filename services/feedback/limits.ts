/** Ends every question that people ask: a slow one must not slow the next at 3 a.m. 64-bit numbers come as numbers; none of ours reaches 2^53. */
export const LIMITS = 'SETTINGS max_execution_time = 5, output_format_json_quote_64bit_integers = 0';
