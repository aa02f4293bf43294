/** Style sheets are bundled by esbuild; to the script they are nothing. */
declare module '*.css';
