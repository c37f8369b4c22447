using System.Text;
using Dais.Rtc.Ice;
using Dais.Rtc.Stun;

namespace Dais.Rtc.Tests.Ice;

/// <summary>A lite agent and the requests of its peer.</summary>
internal sealed class IceScene
{
    public static readonly Timestamp T0 = new(1_000_000);
    public static readonly IceCredentials Server = new("srvr", "server-password-of-22c");
    public static readonly IceCredentials Client = new("clnt", "client-password-of-22c");

    private readonly byte[] _response = new byte[128];

    public IceLiteAgent Agent { get; } = new(Server, Client, new IceOptions(), T0);

    public static NetworkPath Path(int number) => new(0, NetworkAddress.FromIPv4(0xC0000200 + (uint)number, 40000));

    public static Timestamp At(double seconds) => T0 + TimeSpan.FromSeconds(seconds);

    /// <summary>A request as a controlling client sends it.</summary>
    public static byte[] Request(
        bool nominate = false,
        string username = "srvr:clnt",
        string password = "server-password-of-22c",
        ushort? unknownAttribute = null,
        bool controlled = false,
        bool withFingerprint = true,
        StunClass messageClass = StunClass.Request)
    {
        byte[] bytes = new byte[300];
        var writer = new StunWriter(bytes, messageClass, "transaction1"u8);
        writer.Add(StunAttributeType.Username, Encoding.ASCII.GetBytes(username));
        writer.AddPriority(1853824767);
        if (controlled)
        {
            writer.AddIceControlled(77);
        }
        else
        {
            writer.AddIceControlling(77);
        }

        if (nominate)
        {
            writer.AddUseCandidate();
        }

        if (unknownAttribute is { } type)
        {
            writer.Add((StunAttributeType)type, []);
        }

        writer.AddMessageIntegrity(Encoding.ASCII.GetBytes(password));
        if (withFingerprint)
        {
            writer.AddFingerprint();
        }

        return bytes[..writer.Length];
    }

    /// <summary>Hands the agent a request; returns its answer, empty when it stays silent.</summary>
    public byte[] Receive(byte[] request, NetworkPath path, Timestamp now)
    {
        bool isAnswered = Agent.TryHandleRequest(request, path, now, _response, out int length);
        Assert.Equal(isAnswered, length > 0);
        return _response[..length];
    }

    public void AssertSilent(byte[] request)
    {
        Assert.Empty(Receive(request, Path(1), T0));
        Assert.Equal(IceState.New, Agent.State);
        Assert.False(Agent.IsValidated(Path(1)));
    }
}
