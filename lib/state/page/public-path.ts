/** Address of a file in `public/`, for a site that may live under a sub-path. `path` has no leading slash. */
export const publicPath = (path: string): string => `${process.env.NEXT_PUBLIC_BASE_PATH ?? ''}/${path}`;
