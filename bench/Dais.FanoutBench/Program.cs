using Dais.FanoutBench;
using Dais.FanoutBench.Load;
using Dais.FanoutBench.Servers;

return args switch
{
    ["serve", "bare", var url] => BareServer.Run(url),
    ["serve", "signalr", var url] => SignalRServer.Run(url),
    ["port"] => FreePort.Print(),
    ["wait", var port] => await FreePort.WaitAsync(port),
    ["load", .. var rest] when LoadOptions.TryParse(rest, out var options) => await FanoutLoad.RunAsync(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        usage: Dais.FanoutBench serve bare|signalr URL
               Dais.FanoutBench load --server dais|bare|signalr --port N --pid N [--members N] [--rate N] [--seconds N] [--bytes N]

          serve      a server to hold Dais against: a bare Kestrel WebSocket loop that writes one shared buffer, or a SignalR hub
          load       members of one room, of whom one sends; prints what the server delivered and what it cost
          --server   what listens there
          --port     on which port of 127.0.0.1
          --pid      the server's process, whose CPU time and memory are read
          --members  how many receive (1000)
          --rate     messages a second (20)
          --seconds  for how long (10)
          --bytes    of text in a message (200)
        """);
    return 2;
}
