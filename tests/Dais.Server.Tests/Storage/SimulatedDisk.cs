using Dais.Server.Storage.Journal;

namespace Dais.Server.Tests.Storage;

/// <summary>What a disk is asked to do; each can fail or be the last thing before the power goes.</summary>
public enum DiskCall
{
    Create,
    Write,
    Truncate,
    FlushFile,
    Rename,
    Delete,
    FlushNames,
}

/// <summary>
/// A directory in memory that keeps apart what was written and what was flushed, so that a test can cut the power at any call
/// and look at what a real disk might have kept: any part of what was not flushed.
/// </summary>
public sealed class SimulatedDisk
{
    // Smaller than any real sector, so that short test records are torn too.
    private const int SectorBytes = 16;

    private readonly Lock _gate = new();
    private readonly List<Action<Dictionary<string, SimulatedFile>>> _unflushedNames = [];
    private readonly Dictionary<string, SimulatedFile> _names = [];
    private Dictionary<string, SimulatedFile> _flushedNames = [];
    private bool _isLocked;
    private int _callCount;

    /// <summary>Called before each change; what it throws is what the caller gets, after a write has been done in part.</summary>
    public Action<DiskCall>? OnCall { get; set; }

    /// <summary>Changes and flushes so far.</summary>
    public int CallCount => _callCount;

    /// <summary>Names of the files.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate)
            {
                return [.. _names.Keys.Order()];
            }
        }
    }

    /// <summary>The whole content of a file, or a new one in its place; flushed.</summary>
    public byte[] this[string name]
    {
        get
        {
            lock (_gate)
            {
                return [.. _names[name].Content];
            }
        }

        set
        {
            lock (_gate)
            {
                _names[name] = _flushedNames[name] = new SimulatedFile(this, value);
            }
        }
    }

    public void Remove(string name)
    {
        lock (_gate)
        {
            _names.Remove(name);
            _flushedNames.Remove(name);
        }
    }

    public SimulatedDisk Copy()
    {
        var copy = new SimulatedDisk();
        foreach (string name in Names)
        {
            copy[name] = this[name];
        }

        return copy;
    }

    public IJournalDirectory Open()
    {
        lock (_gate)
        {
            Assert.False(_isLocked, "The directory is open already.");
            _isLocked = true;
            return new View(this);
        }
    }

    /// <summary>The disk as it may come back: everything flushed, and any part of the rest.</summary>
    public SimulatedDisk AfterPowerCut(Random random)
    {
        lock (_gate)
        {
            Dictionary<string, SimulatedFile> names = new(_flushedNames);
            foreach (var change in _unflushedNames.Where(_ => random.Next(2) == 0))
            {
                change(names);
            }

            var disk = new SimulatedDisk();
            foreach (var (name, file) in names)
            {
                disk[name] = file.AfterPowerCut(random);
            }

            return disk;
        }
    }

    // Never inside the gate, so that a test can hold one call and let others pass.
    private void Call(DiskCall call)
    {
        Interlocked.Increment(ref _callCount);
        OnCall?.Invoke(call);
    }

    private void ChangeNames(DiskCall call, Action<Dictionary<string, SimulatedFile>> change)
    {
        Call(call);
        lock (_gate)
        {
            change(_names);
            _unflushedNames.Add(change);
        }
    }

    private sealed class View(SimulatedDisk disk) : IJournalDirectory
    {
        public string Name => "simulated";

        public IReadOnlyList<string> List() => disk.Names;

        public IJournalFile Create(string name)
        {
            var file = new SimulatedFile(disk, []);
            disk.ChangeNames(DiskCall.Create, names => names[name] = file);
            return file;
        }

        public IJournalFile Open(string name)
        {
            lock (disk._gate)
            {
                return disk._names[name];
            }
        }

        public void Rename(string name, string newName) => disk.ChangeNames(DiskCall.Rename, names =>
        {
            if (names.Remove(name, out var file))
            {
                names[newName] = file;
            }
        });

        public void Delete(string name) => disk.ChangeNames(DiskCall.Delete, names => names.Remove(name));

        public void Flush()
        {
            disk.Call(DiskCall.FlushNames);
            lock (disk._gate)
            {
                disk._flushedNames = new(disk._names);
                disk._unflushedNames.Clear();
            }
        }

        public void Dispose()
        {
            lock (disk._gate)
            {
                disk._isLocked = false;
            }
        }
    }

    private sealed class SimulatedFile(SimulatedDisk disk, byte[] content) : IJournalFile
    {
        private readonly List<(long Position, byte[]? Bytes)> _unflushed = [];
        private byte[] _flushed = content;

        public byte[] Content { get; private set; } = content;

        public long Length
        {
            get
            {
                lock (disk._gate)
                {
                    return Content.Length;
                }
            }
        }

        public int Read(Span<byte> destination, long position)
        {
            lock (disk._gate)
            {
                var rest = Content.AsSpan((int)Math.Min(position, Content.Length));
                int count = Math.Min(rest.Length, destination.Length);
                rest[..count].CopyTo(destination);
                return count;
            }
        }

        public void Write(ReadOnlySpan<byte> source, long position)
        {
            byte[] bytes = source.ToArray();
            try
            {
                disk.Call(DiskCall.Write);
            }
            catch
            {
                Apply(position, bytes[..(bytes.Length / 2)]);
                throw;
            }

            Apply(position, bytes);
        }

        public void Truncate(long length)
        {
            disk.Call(DiskCall.Truncate);
            lock (disk._gate)
            {
                Content = Content[..(int)length];
                _unflushed.Add((length, null));
            }
        }

        public void Flush()
        {
            disk.Call(DiskCall.FlushFile);
            lock (disk._gate)
            {
                _flushed = Content;
                _unflushed.Clear();
            }
        }

        public void Dispose()
        {
        }

        public byte[] AfterPowerCut(Random random)
        {
            byte[] bytes = _flushed;
            foreach (var (position, written) in _unflushed)
            {
                if (written is null)
                {
                    bytes = random.Next(2) == 0 ? bytes[..(int)Math.Min(position, bytes.Length)] : bytes;
                    continue;
                }

                for (int i = 0; i < written.Length; i += SectorBytes)
                {
                    if (random.Next(2) == 0)
                    {
                        bytes = With(bytes, position + i, written.AsSpan(i, Math.Min(SectorBytes, written.Length - i)));
                    }
                }
            }

            return bytes;
        }

        private void Apply(long position, byte[] bytes)
        {
            lock (disk._gate)
            {
                Content = With(Content, position, bytes);
                _unflushed.Add((position, bytes));
            }
        }

        private static byte[] With(byte[] content, long position, ReadOnlySpan<byte> bytes)
        {
            byte[] result = new byte[Math.Max(content.Length, position + bytes.Length)];
            content.CopyTo(result, 0);
            bytes.CopyTo(result.AsSpan((int)position));
            return result;
        }
    }
}
