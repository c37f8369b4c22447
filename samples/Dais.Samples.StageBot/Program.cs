using System.ComponentModel;
using Dais.Client;
using Dais.Samples.StageBot;

if (args.Length is not (2 or 3 or 5))
{
    Console.Error.WriteLine("Usage: Dais.Samples.StageBot <server> <room> [<user> [<audio.ogg> <video.ivf>]]");
    Console.Error.WriteLine("       e.g. http://localhost:5180 demo bot; a token goes into the environment as DAIS_TOKEN");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

await using var client = new DaisClient(new DaisClientOptions
{
    Url = new Uri(args[0]),
    UserId = args.Length > 2 ? args[2] : "bot",
    UserName = "Test tone",
    Token = Environment.GetEnvironmentVariable("DAIS_TOKEN"),
});

try
{
    await client.ConnectAsync(stop.Token);
    var media = args.Length == 5 ? BotMedia.Files(args[3], args[4]) : BotMedia.Ffmpeg();
    await new Bot(client, media, Console.Out).RunAsync(args[1], stop.Token);
    return 0;
}
catch (OperationCanceledException)
{
    return 0;
}
catch (DaisException exception)
{
    Console.Error.WriteLine($"{exception.Name} ({exception.Code}): {exception.Message}");
    return 1;
}
catch (Exception exception) when (exception is IOException or InvalidDataException or Win32Exception)
{
    // No such file, no such format, or no ffmpeg.
    Console.Error.WriteLine(exception.Message);
    return 1;
}
