'use client';
import { Notice } from '@/components/ui/notice';
import { useController, useSession } from '@/lib/state';

/** What has to be said, newest last, in a corner where it covers nothing that is being read. */
export function Notices() {
  const notices = useSession((state) => state.notices);
  const controller = useController();
  return (
    <div
      className="pointer-events-none fixed inset-x-3 bottom-3 z-30 grid justify-items-center gap-2 sm:inset-x-auto sm:right-5 sm:bottom-5 sm:w-[420px]"
      aria-live="assertive"
    >
      {notices.map((notice) => (
        <Notice
          key={notice.id}
          tone={notice.tone}
          className="pointer-events-auto w-full shadow-float"
          {...(notice.action === undefined
            ? {}
            : { action: { label: notice.action.label, onPress: notice.action.run } })}
          onDismiss={() => controller.dismiss(notice.id)}
        >
          {notice.text}
        </Notice>
      ))}
    </div>
  );
}

/** Spoken, not shown. */
export function Announcer() {
  const announcement = useSession((state) => state.announcement);
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {announcement}
    </div>
  );
}
