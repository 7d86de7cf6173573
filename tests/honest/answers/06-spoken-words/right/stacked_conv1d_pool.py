# case: stacked_conv1d_pool
# style: two Conv1D blocks in a loop, model.add, Flatten at the end; plain nested loops to count

# %% build_model
def build_model(frames, mel_bins, n_words):
    model = keras.models.Sequential()
    model.add(keras.Input(shape=(frames, mel_bins)))
    for filters in (32, 48):
        model.add(keras.layers.Conv1D(filters, kernel_size=5, padding='same', activation='relu'))
        model.add(keras.layers.MaxPooling1D(pool_size=2))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dropout(0.3))
    model.add(keras.layers.Dense(n_words, activation='softmax'))
    return model


# %% compile_model
def compile_model(model):
    model.compile(loss='sparse_categorical_crossentropy',
                  optimizer=keras.optimizers.Adam(0.002),
                  metrics=['accuracy'])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    print("training on", len(x), "clips")
    hist = model.fit(x, y, batch_size=16, epochs=epochs, verbose=2)
    return hist


# %% most_confused
def most_confused(model, x, y):
    output = model.predict(x, verbose=0)
    n_words = len(output[0])
    table = [[0] * n_words for _ in range(n_words)]
    for i in range(len(y)):
        guess = 0
        for word in range(n_words):
            if output[i][word] > output[i][guess]:
                guess = word
        table[y[i]][guess] += 1

    best_pair = None
    best_count = 0
    for true in range(n_words):
        for guess in range(n_words):
            if true != guess and table[true][guess] > best_count:
                best_count = table[true][guess]
                best_pair = (true, guess)
    return best_pair

