using System.Diagnostics;

namespace Dais.FanoutBench.Load;

/// <summary>What a server's process has used.</summary>
internal sealed class ServerProcess(int processId) : IDisposable
{
    private const int Collections = 25;

    private readonly Process _process = Process.GetProcessById(processId);

    /// <summary>CPU time so far, of user and kernel.</summary>
    internal TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>
    /// Resident memory in bytes, without garbage: when that is collected by itself depends on the size of the machine's caches, and
    /// would hide what a member costs.
    /// </summary>
    internal async Task<long> MemoryAsync()
    {
        // What one collection sets free the next gives back.
        for (int collection = 0; collection < Collections; collection++)
        {
            await DiagnosticPort.CollectAsync(processId);
        }

        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}
