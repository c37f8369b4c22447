using System.Diagnostics;

namespace Dais.FanoutBench.Load;

/// <summary>What a server's process has used.</summary>
internal sealed class ServerProcess(int processId) : IDisposable
{
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

    /// <summary>Resident memory now, in bytes.</summary>
    internal long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}
