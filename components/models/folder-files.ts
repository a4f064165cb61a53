/** The files of a chosen folder by their paths in it, and its name; null if none was chosen. */
export const filesOfFolder = (
  files: readonly File[],
): { readonly name: string; readonly files: Readonly<Record<string, File>> } | null => {
  const [first] = files;
  if (first === undefined) return null;
  const [name = ''] = first.webkitRelativePath.split('/');
  return {
    name: name || first.name,
    files: Object.fromEntries(
      files.map((file) => [file.webkitRelativePath.split('/').slice(1).join('/') || file.name, file]),
    ),
  };
};
