using System.Buffers.Binary;

namespace Dais.Fuzz.Tests;

/// <summary>
/// What the fuzzer found, as files: each input behind its length in four bytes, one for parsers that remember nothing, a session of them for
/// others.
/// </summary>
internal static class FuzzFixtures
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "fixtures");

    /// <summary>The name of the folder with a target's finds.</summary>
    public static string FolderOf(FuzzTarget target) => new([.. target.Name.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')]);

    /// <summary>The finds of a target.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<byte[]> Session)> Of(FuzzTarget target)
    {
        string folder = Path.Combine(Root, FolderOf(target));
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.bin").Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), (IReadOnlyList<byte[]>)Read(File.ReadAllBytes(path))))
            : [];
    }

    /// <summary>The folders there are.</summary>
    public static IEnumerable<string> Folders => Directory.Exists(Root) ? Directory.EnumerateDirectories(Root).Select(path => Path.GetFileName(path)!) : [];

    public static byte[] Write(IReadOnlyList<byte[]> session)
    {
        byte[] file = new byte[session.Sum(input => sizeof(int) + input.Length)];
        int at = 0;
        foreach (byte[] input in session)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at), input.Length);
            input.CopyTo(file, at + sizeof(int));
            at += sizeof(int) + input.Length;
        }

        return file;
    }

    private static List<byte[]> Read(byte[] file)
    {
        List<byte[]> session = [];
        for (int at = 0; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            session.Add(file[(at + sizeof(int))..(at + sizeof(int) + length)]);
            at += sizeof(int) + length;
        }

        return session;
    }
}
