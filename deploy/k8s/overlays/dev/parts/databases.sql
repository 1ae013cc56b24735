-- Run once by the image of PostgreSQL: each service's database, its owner that migrates and its app that serves.
CREATE ROLE mediai_auth_owner LOGIN PASSWORD 'demo';
CREATE ROLE mediai_auth_app LOGIN PASSWORD 'demo';
CREATE DATABASE mediai_auth OWNER mediai_auth_owner;
CREATE ROLE mediai_consultation_owner LOGIN PASSWORD 'demo';
CREATE ROLE mediai_consultation_app LOGIN PASSWORD 'demo';
CREATE DATABASE mediai_consultation OWNER mediai_consultation_owner;
CREATE ROLE mediai_appointments_owner LOGIN PASSWORD 'demo';
CREATE ROLE mediai_appointments_app LOGIN PASSWORD 'demo';
CREATE DATABASE mediai_appointments OWNER mediai_appointments_owner;
CREATE ROLE mediai_ia_owner LOGIN PASSWORD 'demo';
CREATE ROLE mediai_ia_app LOGIN PASSWORD 'demo';
CREATE DATABASE mediai_ia OWNER mediai_ia_owner;
CREATE ROLE mediai_notifications_owner LOGIN PASSWORD 'demo';
CREATE ROLE mediai_notifications_app LOGIN PASSWORD 'demo';
CREATE DATABASE mediai_notifications OWNER mediai_notifications_owner;
