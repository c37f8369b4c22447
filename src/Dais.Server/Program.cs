using Dais.Server.Hosting;

var builder = WebApplication.CreateSlimBuilder(DaisHost.OptionsFor(args));
try
{
    builder.AddDais();
}
catch (DaisConfigurationException refusal)
{
    Console.Error.WriteLine(refusal.Message);
    return 1;
}

var app = builder.Build();
app.UseDais();
app.Run();
return 0;
