using Dais.Server.Hosting;
using Dais.Server.Media.Udp;
using Dais.Server.Storage;

try
{
    var builder = WebApplication.CreateSlimBuilder(DaisHost.OptionsFor(args));
    builder.AddDais();
    var app = builder.Build();
    app.UseDais();
    await app.RunAsync();

    // Not 0 when the event log stopped it.
    return Environment.ExitCode;
}
catch (Exception refusal) when (
    refusal is DaisConfigurationException or MediaAddressException or EventLogException or IOException)
{
    // A setting is wrong, a port is taken, the log cannot be read: one sentence for the operator.
    await Console.Error.WriteLineAsync(refusal.Message);
    return 1;
}
