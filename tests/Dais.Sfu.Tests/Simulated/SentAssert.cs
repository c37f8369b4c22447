using System.Buffers.Binary;
using Dais.Rtc;
using Dais.Simulation;

namespace Dais.Sfu.Tests.Simulated;

/// <summary>What must hold of everything a worker sends.</summary>
internal static class SentAssert
{
    /// <summary>
    /// Of one SSRC, nobody is sent two datagrams of one number with different bytes: with AES-GCM that would give the keys away (RFC 7714 §9.1).
    /// </summary>
    public static void NoNumberHasTwoContents(SimulatedWorker simulation)
    {
        var sent = new Dictionary<(NetworkAddress, ulong), byte[]>();
        foreach (var (to, datagram) in simulation.Sent)
        {
            if (datagram[0] >> 6 != 2 || datagram[1] is >= 192 and <= 223)
            {
                continue;
            }

            ulong number = ((ulong)BinaryPrimitives.ReadUInt32BigEndian(datagram.AsSpan(8)) << 16) | BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(2));
            if (!sent.TryAdd((to, number), datagram))
            {
                Assert.Equal(sent[(to, number)], datagram);
            }
        }

        Assert.NotEmpty(sent);
    }
}
