package main

import (
	"context"
	"flag"
	"net"

	"github.com/spiffe/go-spiffe/v2/spiffegrpc/grpccredentials"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/peer"
)

// serveGRPC offers gRPC's health service by mutual TLS.
func serveGRPC(ctx context.Context, arguments []string) error {
	set := flag.NewFlagSet("serve-grpc", flag.ContinueOnError)
	source, authorize, err := identity(ctx, set, arguments)
	if err != nil {
		return err
	}
	defer source.Close()
	tell := func(ctx context.Context, request any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		id, ok := grpccredentials.PeerIDFromContext(ctx)
		say("request", fields{"peer": id.String(), "known": ok})
		return next(ctx, request)
	}
	server := grpc.NewServer(
		grpc.Creds(grpccredentials.MTLSServerCredentials(source, source, authorize)),
		grpc.UnaryInterceptor(tell),
	)
	grpc_health_v1.RegisterHealthServer(server, health.NewServer())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, server.Stop)
	say("listening", fields{"address": listener.Addr().String()})
	return server.Serve(listener)
}

// callGRPC asks a health service by mutual TLS.
func callGRPC(ctx context.Context, arguments []string) error {
	set := flag.NewFlagSet("call-grpc", flag.ContinueOnError)
	target := set.String("target", "", "host and port")
	source, authorize, err := identity(ctx, set, arguments)
	if err != nil {
		return err
	}
	defer source.Close()
	credentials := grpccredentials.MTLSClientCredentials(source, source, authorize)
	connection, err := grpc.NewClient("passthrough:///"+*target, grpc.WithTransportCredentials(credentials))
	if err != nil {
		return err
	}
	defer connection.Close()
	var server peer.Peer
	client := grpc_health_v1.NewHealthClient(connection)
	answer, err := client.Check(ctx, &grpc_health_v1.HealthCheckRequest{}, grpc.Peer(&server))
	if err != nil {
		return err
	}
	id, _ := grpccredentials.PeerIDFromPeer(&server)
	say("answer", fields{"peer": id.String(), "status": answer.Status.String()})
	return nil
}
