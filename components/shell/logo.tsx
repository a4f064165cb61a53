/** Two overlapping squares, one a side, with one cell in common. */
export function Logo() {
  return (
    <span className="flex items-center gap-2.5 text-[15px] font-[650] tracking-[-0.01em]">
      <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden>
        <rect x="1.5" y="1.5" width="13" height="13" rx="3.5" fill="none" stroke="var(--a)" strokeWidth="2" />
        <rect x="7.5" y="7.5" width="13" height="13" rx="3.5" fill="none" stroke="var(--b)" strokeWidth="2" />
        <rect x="9.3" y="9.3" width="3.6" height="3.6" rx="0.8" fill="var(--d)" />
      </svg>
      <span className="max-[430px]:sr-only">Pairscope</span>
    </span>
  );
}
