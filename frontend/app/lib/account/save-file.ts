/**
 * Has the browser save a file.
 *
 * @param type its media type
 */
export function saveFile(name: string, type: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken hold of it once the click is over.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  });
}
