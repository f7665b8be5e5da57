export function Wordmark() {
  return (
    <p className="flex items-center gap-2.5 text-lg font-semibold">
      <svg aria-hidden viewBox="0 0 32 32" className="size-6">
        <rect width="32" height="32" rx="6" className="fill-accent-fill" />
        <path d="M9 23V9h14M9 16h10" fill="none" stroke="#fff" strokeWidth="3.5" strokeLinecap="square" />
      </svg>
      Fleet
    </p>
  );
}
