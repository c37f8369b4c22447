using System.Runtime.InteropServices;

namespace Dais.Bench;

/// <summary>The CPU time of the calling thread, in the kernel and out of it.</summary>
internal static unsafe partial class ThreadCpuClock
{
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>Nanoseconds this thread has run.</summary>
    public static long Nanoseconds
    {
        get
        {
            long* time = stackalloc long[2];
            if (GetTime(ThreadCpuTime, time) != 0)
            {
                throw new PlatformNotSupportedException("This system has no clock of a thread's CPU time.");
            }

            return (time[0] * 1_000_000_000) + time[1];
        }
    }

    /// <summary>Writes seconds and nanoseconds; returns 0, or -1 for a clock the system has not.</summary>
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, long* time);
}
