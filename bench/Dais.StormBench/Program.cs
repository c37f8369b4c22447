using System.Globalization;
using Dais.StormBench;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return args switch
{
    ["storm", .. var rest] when Options.TryParse(rest, out var options) => await JoinStorm.RunAsync(options),
    ["webhooks", .. var rest] when Options.TryParse(rest, out var options) => await NoticeRate.RunAsync(options),
    ["kills", .. var rest] when Options.TryParse(rest, out var options) => await KilledStorm.RunAsync(options),
    ["log", .. var rest] when Options.TryParse(rest, out var options) => await BatchedLog.RunAsync(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        usage: Dais.StormBench storm|webhooks|kills|log [options]

          storm           everybody joins one room at once, then leaves it
          webhooks        members join and leave rooms; how fast backends learn of it
          kills           members join and leave one room while the server is killed with SIGKILL; fails when a webhook is lost
          log             what the log costs for each join of a storm, batched and not
          --members N     how many, for storm and kills (10000)
          --rooms N       in how many rooms, for webhooks (1)
          --rate N        joins and leaves a second, for webhooks and kills; 0 for as many as are answered (0)
          --seconds N     for how long; for kills, before each of them and after the last (15)
          --kills N       how often the server is killed (3)
          --turns N       how often everybody comes and goes, for storm (3)
          --endpoints N   how many backends are told, for storm (1)
          --server-cores  the cores of the server, as taskset takes them (all)
          --data          a folder for the server's files, on the disk to measure (the folder for temporary files)
        """);
    return 2;
}
