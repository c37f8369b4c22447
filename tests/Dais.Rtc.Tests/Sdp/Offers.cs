namespace Dais.Rtc.Tests.Sdp;

/// <summary>Offers of real browsers, from data/sdp.</summary>
internal static class Offers
{
    public static string Read(string name)
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "sdp", name + "-offer.sdp"));
        return text.ReplaceLineEndings("\r\n");
    }
}
