using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dais.Server.Storage.Journal;

/// <summary>A directory on a real disk, locked against other processes.</summary>
public sealed partial class DiskDirectory : IJournalDirectory
{
    private const string LockName = "lock";

    private readonly SafeFileHandle _lock;

    private DiskDirectory(string path, SafeFileHandle lockHandle)
    {
        Name = path;
        _lock = lockHandle;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Opens a directory, made if it is not there, readable by its owner only.</summary>
    /// <exception cref="EventLogException">It can not be made, written or locked.</exception>
    public static DiskDirectory OpenAt(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            Make(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EventLogException(
                $"The data path '{path}' can not be made: {e.Message} Set Dais:DataPath to a folder the server may write.", e);
        }

        string lockPath = Path.Combine(path, LockName);
        try
        {
            // The lock is the operating system's and ends with the process, however it ends; the file stays.
            var handle = File.OpenHandle(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DiskDirectory(path, handle);
        }
        catch (IOException e)
        {
            throw new EventLogException(
                $"The data path '{path}' is in use by another process. Stop that one, or give this one another Dais:DataPath.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new EventLogException($"The data path '{path}' can not be written: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(Name).Select(file => Path.GetFileName(file)!)];

    /// <inheritdoc/>
    public IJournalFile Create(string name) => OpenFile(name, FileMode.Create);

    /// <inheritdoc/>
    public IJournalFile Open(string name) => OpenFile(name, FileMode.Open);

    /// <inheritdoc/>
    public void Rename(string name, string newName) =>
        File.Move(Path.Combine(Name, name), Path.Combine(Name, newName), overwrite: true);

    /// <inheritdoc/>
    public void Delete(string name) => File.Delete(Path.Combine(Name, name));

    /// <inheritdoc/>
    public void Flush()
    {
        if (!OperatingSystem.IsWindows())
        {
            FlushDirectory(Name);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static void Make(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            FlushDirectory(Path.GetDirectoryName(path) ?? path);
        }
    }

    private DiskFile OpenFile(string name, FileMode mode) =>
        new(File.OpenHandle(Path.Combine(Name, name), mode, FileAccess.ReadWrite, FileShare.Read));

    // .NET opens no directory, so this goes to the C library. Windows has no such call and needs none: its file systems log names.
    private static void FlushDirectory(string path)
    {
        int directory = OpenNative(path, 0);
        if (directory < 0)
        {
            throw new IOException($"The folder '{path}' can not be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        int result = FsyncNative(directory);
        string message = Marshal.GetLastPInvokeErrorMessage();
        _ = CloseNative(directory);
        if (result < 0)
        {
            throw new IOException($"The folder '{path}' can not be flushed: {message}.");
        }
    }

    /// <summary>open(2), read-only when <paramref name="flags"/> is 0; a descriptor, or -1 with errno.</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenNative(string path, int flags);

    /// <summary>fsync(2); 0, or -1 with errno.</summary>
    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FsyncNative(int descriptor);

    /// <summary>close(2).</summary>
    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseNative(int descriptor);

    private sealed class DiskFile(SafeFileHandle handle) : IJournalFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(Span<byte> destination, long position) => RandomAccess.Read(handle, destination, position);

        public void Write(ReadOnlySpan<byte> source, long position) => RandomAccess.Write(handle, source, position);

        public void Truncate(long length) => RandomAccess.SetLength(handle, length);

        public void Flush() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }
}
