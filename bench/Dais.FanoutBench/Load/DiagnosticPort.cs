using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Dais.FanoutBench.Load;

/// <summary>
/// The port on which every .NET process takes orders of its user's tools (dotnet/diagnostics, documentation/design-docs/ipc-protocol.md);
/// here one: a collection of its garbage.
/// </summary>
internal static class DiagnosticPort
{
    private const string Provider = "Microsoft-Windows-DotNETRuntime";
    private const int HeaderBytes = 20;
    private const byte EventPipe = 2;
    private const byte StopTracing = 1;
    private const byte CollectTracing = 2;
    private const byte Server = 0xFF;

    /// <summary>The keyword that has a session begin with a collection of everything.</summary>
    private const ulong CollectKeyword = 0x80_0000;
    private const uint Informational = 4;

    /// <summary>Has <paramref name="processId"/> collect its garbage.</summary>
    internal static async Task CollectAsync(int processId)
    {
        var address = AddressOf(processId);

        // 1. A session whose beginning is a collection.
        using var session = await SendAsync(address, CollectTracing, Session());
        byte[] answer = new byte[HeaderBytes + sizeof(ulong)];
        await ReadAsync(session, answer);
        if (answer[16] != Server || answer[17] != 0)
        {
            throw new InvalidOperationException($"The process {processId} does not collect its garbage.");
        }

        // 2. What it reports goes nowhere.
        using var stop = await SendAsync(address, StopTracing, answer[HeaderBytes..]);
        byte[] rest = new byte[8_192];
        while (await session.ReceiveAsync(rest) > 0)
        {
        }
    }

    private static UnixDomainSocketEndPoint AddressOf(int processId) =>
        new(Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{processId}-*-socket").Single());

    private static byte[] Session()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.Unicode);
        const uint bufferMegabytes = 1;
        const uint netTrace = 1;
        writer.Write(bufferMegabytes);
        writer.Write(netTrace);
        const uint providers = 1;
        writer.Write(providers);
        writer.Write(CollectKeyword);
        writer.Write(Informational);
        writer.Write((uint)Provider.Length + 1);
        writer.Write((Provider + "\0").AsSpan());
        const uint noArguments = 0;
        writer.Write(noArguments);
        return bytes.ToArray();
    }

    private static async Task<Socket> SendAsync(UnixDomainSocketEndPoint address, byte command, byte[] payload)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(address);
        byte[] message = new byte[HeaderBytes + payload.Length];
        "DOTNET_IPC_V1\0"u8.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        message[16] = EventPipe;
        message[17] = command;
        payload.CopyTo(message, HeaderBytes);
        await socket.SendAsync(message);
        return socket;
    }

    private static async Task ReadAsync(Socket socket, byte[] buffer)
    {
        int read = 0;
        while (read < buffer.Length)
        {
            int received = await socket.ReceiveAsync(buffer.AsMemory(read));
            read += received > 0 ? received : throw new EndOfStreamException();
        }
    }
}
