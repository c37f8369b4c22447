namespace Dais.Sfu.Retransmission;

/// <summary>What a packet with a transport-wide number carried, as much of it as sending it again takes.</summary>
/// <param name="Section">One more than the place of the media section among the viewer's; 0 for what is never sent again, as padding.</param>
/// <param name="Try">How often the packet had been sent before.</param>
/// <param name="SequenceNumber">The packet's number in its section.</param>
internal readonly record struct SentContent(byte Section, byte Try, ushort SequenceNumber);
