def main():
    print('x')


if __name__ == '__main__':
    main()
