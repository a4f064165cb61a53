/** s with its subscript, as in the paper. */
export function Measure({ of }: { readonly of: 'sa' | 'sg' | 'gap' }) {
  if (of === 'gap') return 'gap';
  return (
    <>
      s<sub>{of.slice(1)}</sub>
    </>
  );
}
